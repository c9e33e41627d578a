return HSENet.Worker.Commands.WorkerCommands.Usage();

return await HSENet.Worker.Commands.CommandLine.RunAsync(args);

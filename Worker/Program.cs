HSENet.Worker.Hosting.FileModes.KeepPrivate();
return await HSENet.Worker.Commands.CommandLine.RunAsync(args);

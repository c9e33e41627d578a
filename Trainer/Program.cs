return HSENet.Trainer.Commands.TrainerCommands.Run(args, Console.Out, Console.Error);

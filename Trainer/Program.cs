return HSENet.Trainer.Commands.TrainerCommands.Usage();

using IntercomAgent.Commands;

return CommandLine.Run(args, StandardStreams.Open());

// How long a timer may go without a run that succeeds, by its schedule.

@description('The interval of a field of NCRONTAB: 1 for *, N for */N, 0 for everything else.')
func step(field string) int => field == '*' ? 1 : startsWith(field, '*/') ? int(skip(field, 2)) : 0

@description('The same for minute, hour, day, month and day of the week.')
func windowOf(fields string[]) string =>
  fields[2] != '*' || fields[3] != '*' || fields[4] != '*'
    ? ''
    : fields[1] == '*' && contains(range(1, 5), step(fields[0]))
        ? 'PT15M'
        : fields[1] == '*' && contains(range(6, 5), step(fields[0]))
            ? 'PT30M'
            : contains([1, 2], step(fields[1])) ? 'PT6H' : 'P2D'

@export()
@description('A window of a log alert that holds two runs of an NCRONTAB schedule at least, of five or six fields. Empty: not every day has a run, and no window is that long.')
func alertWindow(schedule string) string => windowOf(skip(split(schedule, ' '), length(split(schedule, ' ')) - 5))

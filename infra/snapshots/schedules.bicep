// The windows of the alerts on timers for schedules of every kind; tests/it/infra.rs reads schedules.snapshot.json.
import { alertWindow } from '../schedule.bicep'

@description('A schedule with its window.')
@sealed()
type Window = {
  @description('NCRONTAB.')
  schedule: string

  @description('ISO 8601, or empty.')
  window: string
}

@description('NCRONTAB.')
param schedules string[]

@description('Each with its window.')
output windows Window[] = map(schedules, schedule => { schedule: schedule, window: alertWindow(schedule) })

// What an operator is notified of; docs/OPERATIONS.md says for each what to do. A test holds the sentences of the queries
// against those that the handler logs.

import { alertWindow } from 'schedule.bicep'
import { Alerting, Tags } from 'types.bicep'

@description('Part of the names.')
param name string

@description('Where.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Who is notified, and whether Health is called from outside.')
param alerting Alerting

@description('When DeliverEvents runs.')
param deliverSchedule string

@description('When PurgeInvitations runs.')
param purgeSchedule string

@description('What recipients open.')
param publicBaseUrl string

@description('The Log Analytics workspace.')
param workspaceId string

@description('The Application Insights component.')
param insightsName string

@description('The account with the invitations.')
param dataAccount string

@description('The key vault.')
param vaultName string

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'onboarding'
    enabled: true
    emailReceivers: empty(alerting.email)
      ? []
      : [{ name: 'operators', emailAddress: alerting.email, useCommonAlertSchema: true }]
  }
}

// The host records each line of the handler at the level Information, and a 5xx as a success: the queries go by the
// handler's own fields and by ResultCode.
@description('Alerts on the log. The handler writes JSON lines, which the host passes on as traces.')
var queries = [
  {
    name: 'failed-deliveries'
    severity: 2
    description: 'An e-mail or a webhook was given up, or an event cannot be delivered.'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where (line.message == 'a delivery failed' and tobool(line.given_up))
          or line.message in ('a delivery cannot be made', 'a delivery panicked')
    '''
    window: 'PT15M'
    above: 0
  }
  {
    name: 'delivery-paused'
    severity: 2
    description: 'The receiver of the webhook has failed for 15 minutes or answered 410, or an import paused all delivery.'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where (line.message == 'the receiver of the webhook gets no events'
              and (tobool(line.gone) or toint(line.failing_seconds) > 900))
          or line.message startswith 'delivery is paused since an import'
    '''
    window: 'PT15M'
    above: 0
  }
  {
    name: 'server-errors'
    severity: 1
    description: 'More than one in twenty answers is a 5xx.'
    query: '''
      AppRequests
      | summarize failed = sumif(ItemCount, toint(ResultCode) >= 500), answered = sum(ItemCount)
      | where failed >= 5 and failed * 20 > answered
    '''
    window: 'PT15M'
    above: 0
  }
  {
    name: 'our-errors'
    severity: 1
    description: 'The app met something that it cannot handle: a fault of its own or of its settings.'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.message == 'the request failed'
      | extend outcome = tostring(line.outcome),
          aadsts = iff(isempty(tostring(line.aadsts)), 'none', tostring(line.aadsts))
    '''
    window: 'PT15M'
    above: 0
  }
  {
    name: 'rejected-codes'
    severity: 2
    description: 'More than 50 codes for one invitation were rejected in an hour: someone may be guessing.'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.message == 'a code was rejected'
      | summarize rejected = sum(ItemCount) by invitation = tostring(line.span.invitation)
      | where rejected > 50
    '''
    window: 'PT1H'
    above: 0
  }
  {
    name: 'sign-in-keys'
    severity: 2
    description: 'Microsoft Entra ID or its keys have not been reachable for a while; after a day nobody can sign in.'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.message startswith 'could not refresh the sign-in metadata and keys'
    '''
    window: 'PT6H'
    above: 3
  }
  {
    name: 'retention-lag'
    severity: 2
    description: 'Invitations have been due to be deleted for more than two days.'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.message == 'purged invitations past their retention' and toint(line.lag_seconds) > 172800
    '''
    window: 'PT6H'
    above: 0
  }
]

@description('Columns of these queries whose values the e-mail names: each combination is an alert of its own.')
var named = {
  'our-errors': ['outcome', 'aadsts']
}

resource fromLogs 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in queries: {
    name: '${rule.name}-${name}'
    location: location
    tags: tags
    properties: {
      displayName: rule.name
      description: rule.description
      severity: rule.severity
      enabled: true
      // Its tables exist only after the first records.
      skipQueryValidation: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            dimensions: map(named[?rule.name] ?? [], column => { name: column, operator: 'Include', values: ['*'] })
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: rule.above
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: [operators.id] }
    }
  }
]

@description('Timers. They run without any request, so a quiet app has their runs too.')
var timers = [
  { name: 'timer-stalled', function: 'DeliverEvents', severity: 1, window: alertWindow(deliverSchedule) }
  { name: 'purge-stalled', function: 'PurgeInvitations', severity: 2, window: alertWindow(purgeSchedule) }
]

@description('The windows in words.')
var inWords = {
  PT15M: '15 minutes'
  PT30M: '30 minutes'
  PT6H: 'six hours'
  P2D: 'two days'
}

resource stalled 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for timer in timers: {
    name: '${timer.name}-${name}'
    location: location
    tags: tags
    properties: {
      displayName: timer.name
      description: '${timer.function} has not succeeded for ${inWords[?timer.window] ?? 'two days, which its schedule allows'}.'
      severity: timer.severity
      enabled: !empty(timer.window)
      // Its tables exist only after the first records.
      skipQueryValidation: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: empty(timer.window) ? 'P2D' : timer.window
      criteria: {
        allOf: [
          {
            query: 'AppRequests | where OperationName == \'${timer.function}\' and Success'
            timeAggregation: 'Count'
            operator: 'LessThan'
            threshold: 1
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: [operators.id] }
    }
  }
]

resource data 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccount

  resource tables 'tableServices' existing = {
    name: 'default'
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// A site that cannot start writes no log, so nobody but a caller notices.
resource health 'Microsoft.Insights/webtests@2022-06-15' = if (alerting.availabilityTest) {
  name: 'health-${name}'
  location: location
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'health-${name}'
    Name: 'health'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'us-va-ash-azr' }
      { Id: 'us-ca-sjc-azr' }
      { Id: 'apac-sg-sin-azr' }
    ]
    Request: {
      RequestUrl: '${publicBaseUrl}/api/Health'
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

// Three of five: one place alone is more often the place's own fault.
resource unavailable 'Microsoft.Insights/metricAlerts@2026-01-01' = if (alerting.availabilityTest) {
  name: 'app-unavailable-${name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Health does not answer 200 from three of five places.'
    severity: 0
    enabled: true
    scopes: [health.id, insights.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: health.id
      componentId: insights.id
      failedLocationCount: 3
    }
    actions: [{ actionGroupId: operators.id }]
  }
}

// https://learn.microsoft.com/azure/storage/tables/scalability-targets
resource throttled 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'storage-throttling-${name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Table Storage turns calls away: a partition or the account is at its limit.'
    severity: 2
    enabled: true
    scopes: [data::tables.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'turned-away'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: [
                'ServerBusyError'
                'ClientThrottlingError'
                'ClientAccountRequestThrottlingError'
                'ServerTimeoutError'
              ]
            }
          ]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 10
        }
      ]
    }
    actions: [{ actionGroupId: operators.id }]
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource vaultEvents 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'vault-${name}'
  location: location
  tags: tags
  properties: {
    source: vault.id
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

// Thirty days before the date that a secret was given (`--expires`), and when it is there.
resource secretExpires 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: vaultEvents
  name: 'secret-expiry'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry', 'Microsoft.KeyVault.SecretExpired']
    }
    destination: {
      endpointType: 'MonitorAlert'
      properties: {
        severity: 'Sev2'
        description: 'A secret in the key vault expires'
        actionGroups: [operators.id]
      }
    }
  }
}

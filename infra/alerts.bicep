// What an operator is woken for; docs/OPERATIONS.md says for each what to do. A test holds the sentences of the queries
// against those that the handler logs.

param name string
param location string
param tags object
param email string
param workspaceId string
param storageName string
param vaultName string

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'onboarding'
    enabled: true
    emailReceivers: empty(email) ? [] : [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

// The handler's log is JSON lines, which the host passes on as traces.
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
    '''
    window: 'PT15M'
    above: 0
  }
  {
    name: 'sign-in-keys'
    severity: 2
    description: 'Microsoft Entra ID or its keys have not been reachable for a while; after a day nobody can sign in.'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.message startswith 'could not fetch the sign-in metadata and keys'
    '''
    window: 'PT6H'
    above: 3
  }
]

resource fromLogs 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [for rule in queries: {
  name: '${rule.name}-${name}'
  location: location
  tags: tags
  properties: {
    displayName: rule.name
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    criteria: {
      allOf: [
        {
          query: rule.query
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
}]

// Without it letters wait: the timer runs every minute.
resource timerStands 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = {
  name: 'timer-stands-${name}'
  location: location
  tags: tags
  properties: {
    displayName: 'timer-stands'
    description: 'DeliverEvents has not succeeded for 15 minutes.'
    severity: 1
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'AppRequests | where OperationName == \'DeliverEvents\' and Success'
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

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName

  resource tables 'tableServices' existing = {
    name: 'default'
  }
}

// https://learn.microsoft.com/azure/storage/tables/scalability-targets
resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'storage-throttling-${name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Table Storage turns calls away: a partition or the account is at its limit.'
    severity: 2
    enabled: true
    scopes: [account::tables.id]
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
              values: ['ServerBusyError', 'ClientThrottlingError', 'ClientAccountRequestThrottlingError', 'ServerTimeoutError']
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

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
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

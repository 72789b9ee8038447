// Two accounts, so that neither can do harm to the other: the invitations (one table), and what the Functions host
// needs (its locks, its timers and the packages). Neither has keys: roles say who may do what.

import { Storage, Tags } from 'types.bicep'

@description('The account with the invitations.')
param dataAccount string

@description('The account of the Functions host.')
param hostAccount string

@description('Where.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('The table with the invitations.')
param table string

@description('The identity of the app.')
param identityName string

@description('Redundancy, protection and logs.')
param storage Storage

@description('Reached through private endpoints only.')
param private bool

@description('Where the logs go.')
param workspaceId string

@description('The role Storage Table Data Contributor.')
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
@description('Storage Blob Data Owner, Storage Queue Data Contributor, Storage Table Data Contributor: what the host asks for.')
var hostRoles = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor
]

@description('The same for both accounts.')
var access = {
  allowSharedKeyAccess: false
  allowBlobPublicAccess: false
  allowCrossTenantReplication: false
  defaultToOAuthAuthentication: true
  minimumTlsVersion: 'TLS1_2'
  supportsHttpsTrafficOnly: true
  publicNetworkAccess: private ? 'Disabled' : 'Enabled'
  networkAcls: { bypass: 'AzureServices', defaultAction: private ? 'Deny' : 'Allow' }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource data 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: dataAccount
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: storage.sku }
  properties: access

  resource tables 'tableServices' = {
    name: 'default'

    resource invitations 'tables' = {
      name: table
    }
  }
}

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: hostAccount
  location: location
  tags: tags
  kind: 'StorageV2'
  // Nothing in it outlives the app, so that one region is enough.
  sku: { name: startsWith(storage.sku, 'Standard_LRS') ? 'Standard_LRS' : 'Standard_ZRS' }
  properties: access

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // An earlier package can be brought back.
      isVersioningEnabled: true
      deleteRetentionPolicy: { enabled: true, days: 30 }
      containerDeleteRetentionPolicy: { enabled: true, days: 30 }
    }

    resource packages 'containers' = {
      name: 'app-package'
    }
  }
}

// The app reaches this table, and no other that the account may come to hold.
resource tableGrant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(data::tables::invitations.id, identity.id, tableDataContributor)
  scope: data::tables::invitations
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
  }
}

resource hostGrants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hostRoles: {
    name: guid(host.id, identity.id, role)
    scope: host
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

#disable-next-line use-recent-api-versions // the only other version, of 2016, has no category groups and is not documented any more
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (storage.log) {
  name: 'table'
  scope: data::tables
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

// Reads are left out: the host reads its locks every few seconds.
#disable-next-line use-recent-api-versions // the only other version, of 2016, has no category groups and is not documented any more
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (storage.log) {
  name: 'packages'
  scope: host::blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (storage.protect) {
  name: 'keep-the-invitations'
  scope: data
  properties: {
    level: 'CanNotDelete'
    notes: 'Tables have no soft delete: what is deleted with the account is gone.'
  }
}

@description('Where the packages are.')
output packageContainerUrl string = '${host.properties.primaryEndpoints.blob}${host::blobs::packages.name}'

// What main.bicep deploys, for a resource group that exists already; docs/OPERATIONS.md has the commands.
targetScope = 'resourceGroup'

import { Alerting, App, Hosting, Network, Storage } from 'types.bicep'

@description('Part of every name; azd calls it the environment.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('A region that has Flex Consumption.')
param location string = resourceGroup().location

@description('Object id of the person or the pipeline that writes the secrets into the key vault; empty: nobody yet.')
param operatorPrincipalId string

@description('The settings of the app.')
param app App

@description('Its instances.')
param hosting Hosting

@description('Its storage.')
param storage Storage

@description('Its network.')
param network Network

@description('Its alerts.')
param alerting Alerting

@description('Makes the names unique.')
var token = toLower(uniqueString(resourceGroup().id, environmentName))

@description('How azd recognises its resources.')
var tags = { 'azd-env-name': environmentName }

@description('The table with the invitations.')
var table = 'Invitations'

@description('The account with that table.')
var dataAccount = 'st${token}'

@description('The account of the Functions host, with the packages.')
var hostAccount = 'sthost${token}'

@description('The key vault.')
var vaultName = 'kv-${token}'

@description('The function app.')
var appName = 'func-${environmentName}-${token}'

@description('The Application Insights component.')
var insightsName = 'appi-${environmentName}-${token}'

@description('The virtual network, where there is one.')
var networkName = 'vnet-${environmentName}-${token}'

@description('What recipients open.')
var publicBaseUrl = empty(app.publicBaseUrl) ? 'https://${appName}.azurewebsites.net' : app.publicBaseUrl

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${environmentName}-${token}'
  location: location
  tags: tags
}

module monitoring 'monitoring.bicep' = {
  params: {
    name: '${environmentName}-${token}'
    insightsName: insightsName
    location: location
    tags: tags
    identityName: identity.name
  }
}

module accounts 'storage.bicep' = {
  params: {
    dataAccount: dataAccount
    hostAccount: hostAccount
    location: location
    tags: tags
    table: table
    identityName: identity.name
    storage: storage
    private: network.private
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'vault.bicep' = {
  params: {
    name: vaultName
    location: location
    tags: tags
    identityName: identity.name
    operatorPrincipalId: operatorPrincipalId
    private: network.private
    workspaceId: monitoring.outputs.workspaceId
  }
}

module privateNetwork 'network.bicep' = if (network.private) {
  params: {
    name: '${environmentName}-${token}'
    networkName: networkName
    location: location
    tags: tags
    addressPrefix: network.addressPrefix
    dataAccount: dataAccount
    hostAccount: hostAccount
    vaultName: vaultName
  }
  dependsOn: [accounts, vault]
}

module functionApp 'app.bicep' = {
  params: {
    name: appName
    location: location
    tags: tags
    identityName: identity.name
    dataAccount: dataAccount
    hostAccount: hostAccount
    packageContainerUrl: accounts.outputs.packageContainerUrl
    vaultUri: vault.outputs.uri
    insightsConnectionString: monitoring.outputs.connectionString
    subnetId: network.private ? resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'app') : ''
    frontDoorId: network.frontDoorId
    hosting: hosting
    app: app
    publicBaseUrl: publicBaseUrl
    table: table
  }
  dependsOn: [privateNetwork]
}

module alerts 'alerts.bicep' = {
  params: {
    name: '${environmentName}-${token}'
    location: location
    tags: tags
    alerting: alerting
    deliverSchedule: app.deliverSchedule
    purgeSchedule: app.purgeSchedule
    publicBaseUrl: publicBaseUrl
    workspaceId: monitoring.outputs.workspaceId
    insightsName: insightsName
    dataAccount: dataAccount
    vaultName: vaultName
  }
  dependsOn: [accounts, vault]
}

@description('The function app.')
output AZURE_FUNCTION_NAME string = functionApp.outputs.name

@description('What recipients open.')
output PUBLIC_BASE_URL string = publicBaseUrl

@description('The key vault.')
output AZURE_KEY_VAULT_NAME string = vault.outputs.name

@description('The storage account with the invitations.')
output AZURE_STORAGE_NAME string = dataAccount

@description('The identity of the app, for a federated credential of the app registration.')
output IDENTITY_PRINCIPAL_ID string = identity.properties.principalId

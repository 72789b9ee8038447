// A virtual network for the app, and private endpoints for what it reaches in Azure. What it reaches elsewhere (Entra ID,
// the mail server, the webhook) goes out through a NAT gateway, with one address that others can allow.

import { Tags } from 'types.bicep'

@description('Part of the names.')
param name string

@description('The virtual network.')
param networkName string

@description('Where.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Address range of the network, /16 to /24.')
param addressPrefix string

@description('The account with the invitations.')
param dataAccount string

@description('The account of the Functions host.')
param hostAccount string

@description('The key vault.')
param vaultName string

@description('The type of a storage account.')
var account = 'Microsoft.Storage/storageAccounts'

@description('What gets a private endpoint.')
var endpoints = [
  { name: 'data-table', type: account, target: dataAccount, service: 'table' }
  { name: 'host-blob', type: account, target: hostAccount, service: 'blob' }
  { name: 'host-queue', type: account, target: hostAccount, service: 'queue' }
  { name: 'host-table', type: account, target: hostAccount, service: 'table' }
  { name: 'vault', type: 'Microsoft.KeyVault/vaults', target: vaultName, service: 'vault' }
]

@description('Each has a zone with the private addresses of its names.')
var services = ['blob', 'queue', 'table', 'vault']

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: 'pip-${name}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource outbound 'Microsoft.Network/natGateways@2025-05-01' = {
  name: 'ng-${name}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outboundAddress.id }] }
}

// Its default rules: the network talks to itself and to the outside, nothing from outside comes in.
resource rules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-${name}'
  location: location
  tags: tags
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: networkName
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          natGateway: { id: outbound.id }
          networkSecurityGroup: { id: rules.id }
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          networkSecurityGroup: { id: rules.id }
        }
      }
    ]
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in services: {
    name: service == 'vault'
      ? 'privatelink.vaultcore.azure.net'
      : 'privatelink.${service}.${environment().suffixes.storage}'
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, index) in services: {
    parent: zones[index]
    name: network.name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for endpoint in endpoints: {
    name: 'pe-${endpoint.name}-${name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpointSubnet.id }
      privateLinkServiceConnections: [
        {
          name: endpoint.name
          properties: {
            privateLinkServiceId: resourceId(endpoint.type, endpoint.target)
            groupIds: [endpoint.service]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (endpoint, index) in endpoints: {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.service
          properties: { privateDnsZoneId: zones[indexOf(services, endpoint.service)].id }
        }
      ]
    }
  }
]

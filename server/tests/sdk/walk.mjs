// Walks through the official client's calls against BASE_URL and prints what each gave as one JSON
// object. What is right is for tests/it/sdk.rs to say.

import { PayloadSDK } from '@payloadcms/sdk'

import { refused, told } from './told.mjs'

const { BASE_URL, EMAIL, PASSWORD } = process.env
const seen = {}

const stranger = new PayloadSDK({ baseURL: `${BASE_URL}/api` })
const collection = 'companies'

seen.wrongPassword = await refused(() =>
  stranger.login({ collection: 'users', data: { email: EMAIL, password: 'wrong' } }),
)
seen.login = await stranger.login({ collection: 'users', data: { email: EMAIL, password: PASSWORD } })

const headers = { Authorization: `JWT ${seen.login.token}` }
const sdk = new PayloadSDK({ baseURL: `${BASE_URL}/api`, baseInit: { headers } })

seen.me = await sdk.me({ collection: 'users' })
seen.refreshed = await sdk.refreshToken({ collection: 'users' })

seen.created = []
for (const [name, employees] of [['Anchor & Sons', 3], ['Buoy', 40], ['Capstan, Inc.', 500]]) {
  seen.created.push(await sdk.create({ collection, data: { name, employees }, depth: 0 }))
}
const [anchor, buoy] = seen.created
seen.contact = await sdk.create({
  collection: 'contacts',
  data: { firstName: 'Cleo', email: 'cleo@example.com', company: anchor.id },
  depth: 1,
})

seen.find = await sdk.find({
  collection,
  where: { or: [{ name: { equals: 'Anchor & Sons' } }, { employees: { greater_than: 100 } }] },
  sort: ['-employees', 'name'],
  limit: 1,
  page: 2,
  select: { name: true },
})
seen.none = await sdk.find({ collection, where: { id: { in: [] } } })
seen.everything = await sdk.find({ collection, pagination: false, limit: 0, depth: 0, sort: 'name' })
seen.without = await sdk.find({ collection, limit: 1, sort: 'name', depth: 0, select: { name: false } })
seen.nested = await sdk.find({
  collection,
  depth: 0,
  where: {
    and: [{ name: { not_equals: null } }, { or: [{ employees: { in: [3, 40] } }, { name: { contains: '"&=' } }] }],
  },
})
seen.throughRelation = await sdk.find({
  collection: 'contacts',
  where: { 'company.name': { like: 'sons anchor' } },
  populate: { companies: { name: true } },
  depth: 1,
})
seen.findByID = await sdk.findByID({ collection, id: anchor.id, depth: 0 })
seen.count = await sdk.count({ collection, where: { employees: { less_than_equal: 40 } } })

seen.updated = await sdk.update({ collection, id: buoy.id, data: { employees: 41 }, depth: 0 })
seen.partly = await refused(() =>
  sdk.update({ collection, where: { name: { exists: true } }, data: { employees: -1 }, depth: 0 }),
)
seen.updatedNone = await sdk.update({ collection, where: { name: { equals: 'x' } }, data: { source: 'x' } })
seen.updatedMany = await sdk.update({
  collection,
  where: { employees: { greater_than: 40 } },
  data: { source: 'fair' },
  depth: 0,
})
seen.deleted = await sdk.delete({ collection, id: buoy.id, depth: 0 })
seen.deletedMany = await sdk.delete({ collection, where: { source: { equals: 'fair' } }, depth: 0 })
seen.left = await sdk.count({ collection })

// Trash.
const { id: trashed } = await sdk.create({ collection, data: { name: 'Dinghy' }, depth: 0 })
const at = '2026-03-01T00:00:00.000Z'
seen.trashed = await sdk.update({ collection, id: trashed, data: { deletedAt: at }, depth: 0 })
seen.hidden = await sdk.findByID({ collection, id: trashed, disableErrors: true })
seen.inTrash = await sdk.find({ collection, trash: true, depth: 0, where: { deletedAt: { exists: true } } })
seen.restored = await sdk.update({ collection, id: trashed, trash: true, data: { deletedAt: null }, depth: 0 })
seen.deletedNone = await sdk.delete({ collection, where: { name: { equals: 'x' } } })

// What the client has no call for goes through its `request`.
const request = async (method, path, json) => (await sdk.request({ method, path, json })).json()
seen.duplicated = await request('POST', `/${collection}/${trashed}/duplicate`, { name: 'Dory' })
seen.access = await request('GET', '/access')
seen.accessTo = await request('POST', `/${collection}/access/${trashed}`, {})
seen.initialized = await request('GET', '/users/init')
seen.aborted = await told(() =>
  sdk.find({ collection }, { signal: AbortSignal.abort() }),
)

seen.gone = await refused(() => sdk.findByID({ collection, id: buoy.id }))
seen.goneQuietly = await sdk.findByID({ collection, id: buoy.id, disableErrors: true })
seen.invalid = await refused(() => sdk.create({ collection, data: { employees: -1 } }))
seen.badQuery = await refused(() => sdk.find({ collection, where: { nonsense: { equals: 1 } } }))
seen.forbidden = await refused(() => stranger.find({ collection }))
seen.invalidUpdate = await refused(() =>
  sdk.update({ collection, id: anchor.id, data: { employees: -1 } }),
)
seen.updatedGone = await refused(() => sdk.update({ collection, id: buoy.id, data: { name: 'x' } }))
seen.deletedGone = await refused(() => sdk.delete({ collection, id: buoy.id }))
seen.noWhere = await refused(() => sdk.delete({ collection, where: {} }))
seen.missingField = await refused(() => stranger.login({ collection: 'users', data: { email: EMAIL } }))
seen.forbiddenQuietly = await stranger.findByID({ collection, id: anchor.id, disableErrors: true })
seen.stranger = await stranger.me({ collection: 'users' })
seen.refreshedByNobody = await refused(() => stranger.refreshToken({ collection: 'users' }))
seen.noRoute = await refused(() => sdk.find({ collection: 'nowhere' }))

console.log(JSON.stringify(seen))

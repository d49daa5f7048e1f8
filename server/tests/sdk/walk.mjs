// Walks through the official client's calls against BASE_URL and prints what each gave as one JSON
// object. What is right is for tests/it/sdk.rs to say.

import { PayloadSDK, PayloadSDKError } from '@payloadcms/sdk'

const { BASE_URL, EMAIL, PASSWORD } = process.env
const seen = {}

/** What a call threw, as a program would look at it. */
async function refused(call) {
  try {
    return { answered: await call() }
  } catch (error) {
    const { name, status, message, errors } = error
    return { isSdkError: error instanceof PayloadSDKError, name, status, message, errors }
  }
}

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
seen.throughRelation = await sdk.find({
  collection: 'contacts',
  where: { 'company.name': { like: 'sons anchor' } },
  populate: { companies: { name: true } },
  depth: 1,
})
seen.findByID = await sdk.findByID({ collection, id: anchor.id, depth: 0 })
seen.count = await sdk.count({ collection, where: { employees: { less_than_equal: 40 } } })

seen.updated = await sdk.update({ collection, id: buoy.id, data: { employees: 41 }, depth: 0 })
seen.updatedMany = await sdk.update({
  collection,
  where: { employees: { greater_than: 40 } },
  data: { source: 'fair' },
  depth: 0,
})
seen.deleted = await sdk.delete({ collection, id: buoy.id, depth: 0 })
seen.deletedMany = await sdk.delete({ collection, where: { source: { equals: 'fair' } }, depth: 0 })
seen.left = await sdk.count({ collection })

seen.gone = await refused(() => sdk.findByID({ collection, id: buoy.id }))
seen.goneQuietly = await sdk.findByID({ collection, id: buoy.id, disableErrors: true })
seen.invalid = await refused(() => sdk.create({ collection, data: { employees: -1 } }))
seen.badQuery = await refused(() => sdk.find({ collection, where: { nonsense: { equals: 1 } } }))
seen.forbidden = await refused(() => stranger.find({ collection }))
seen.noRoute = await refused(() => sdk.find({ collection: 'nowhere' }))

console.log(JSON.stringify(seen))

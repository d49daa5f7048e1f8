// The official client's calls for people who forgot their password or have not verified their address.
// STEP says which; TOKEN is the one that was mailed meanwhile. Prints what each call gave.

import { PayloadSDK } from '@payloadcms/sdk'

import { refused } from './told.mjs'

const { BASE_URL, EMAIL, PASSWORD, STEP, TOKEN } = process.env
const sdk = new PayloadSDK({ baseURL: `${BASE_URL}/api` })
const collection = 'users'
const login = (password) => sdk.login({ collection, data: { email: EMAIL, password } })

const steps = {
  async unverified() {
    return { login: await refused(() => login(PASSWORD)) }
  },
  async verify() {
    return {
      wrong: await refused(() => sdk.verifyEmail({ collection, token: 'nope' })),
      verified: await sdk.verifyEmail({ collection, token: TOKEN }),
      again: await refused(() => sdk.verifyEmail({ collection, token: TOKEN })),
      login: await login(PASSWORD),
    }
  },
  async forgot() {
    return {
      known: await sdk.forgotPassword({ collection, data: { email: EMAIL } }),
      unknown: await sdk.forgotPassword({ collection, data: { email: 'nobody@example.com' } }),
      missing: await refused(() => sdk.forgotPassword({ collection, data: {} })),
    }
  },
  async reset() {
    const data = { token: TOKEN, password: 'another long password' }
    const before = await login(PASSWORD)
    const headers = { Authorization: `Bearer ${before.token}` }
    return {
      wrong: await refused(() => sdk.resetPassword({ collection, data: { ...data, token: 'nope' } })),
      short: await refused(() => sdk.resetPassword({ collection, data: { ...data, password: 'x' } })),
      reset: await sdk.resetPassword({ collection, data }),
      again: await refused(() => sdk.resetPassword({ collection, data })),
      formerSession: await sdk.me({ collection }, { headers }),
      formerPassword: await refused(() => login(PASSWORD)),
      login: await login(data.password),
    }
  },
}

console.log(JSON.stringify(await steps[STEP]()))

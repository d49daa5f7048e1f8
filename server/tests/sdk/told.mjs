// What a call threw, as a program would look at it.

import { PayloadSDKError } from '@payloadcms/sdk'

export async function refused(call) {
  try {
    return { answered: await call() }
  } catch (error) {
    const { name, status, message, errors, response } = error
    const isSdkError = error instanceof PayloadSDKError && error instanceof Error
    return { isSdkError, name, status, message, errors, responseStatus: response?.status }
  }
}

/** Of errors that are not the client's own: the name. */
export async function told(call) {
  try {
    return { answered: await call() }
  } catch (error) {
    return error.name
  }
}

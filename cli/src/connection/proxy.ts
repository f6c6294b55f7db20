// A module of its own: the package is CommonJS, whose names survive bundling only in a static import.
import { EnvHttpProxyAgent, setGlobalDispatcher } from 'undici'

/** Reads HTTP_PROXY and HTTPS_PROXY itself. */
export function setProxy(noProxy: string): void {
  // A server on this machine is never behind the proxy.
  const direct = [noProxy, 'localhost', '127.0.0.1', '[::1]'].filter((each) => each !== '')
  setGlobalDispatcher(new EnvHttpProxyAgent({ noProxy: direct.join(',') }))
}

// The console's switches for the shop, over the same control port as `mainstay demo`.
import {
  breakService,
  faultMeanings,
  faultModes,
  isServiceName,
  repair,
  type ServiceName,
  serviceNames,
  status,
} from '../../../../examples/shop/control.ts'
import type { ShopSwitches } from '../../../../server/src/app/demo/demo-room.ts'
import type { ShopProcess } from './shop-process.ts'

/** The shop starts after the server, so it is looked up at each use. */
export function shopSwitches(shopNow: () => ShopProcess | null): ShopSwitches {
  const control = () => {
    const shop = shopNow()
    if (shop === null) throw new Error('The shop has not started yet.')
    return { controlUrl: shop.control }
  }
  return {
    get url() {
      return shopNow()?.front ?? ''
    },
    modes: faultModes.map((mode) => ({ mode, meaning: faultMeanings[mode] })),
    status: async () =>
      (await status(control())).services.map((each) => ({
        name: each.name,
        state: each.state,
        mode: each.fault?.mode ?? null,
        version: each.version,
        url: each.url,
      })),
    break: async (service, mode = 'errors') => {
      const found = faultModes.find((each) => each === mode)
      if (found === undefined) throw new Error(`There is no mode "${mode}"; the modes are ${faultModes.join(', ')}.`)
      return breakService(serviceOf(service), found, control())
    },
    repair: async (service) => repair(service === undefined ? undefined : serviceOf(service), control()),
  }
}

function serviceOf(name: string): ServiceName {
  if (isServiceName(name)) return name
  throw new Error(`There is no service "${name}"; the services are ${serviceNames.join(', ')}.`)
}

/** Of all probes, in the list of what may be reached: `MAINSTAY_EGRESS_ALLOW='probe=10.2.0.0/16:any'`. */
export const connector = 'probe'

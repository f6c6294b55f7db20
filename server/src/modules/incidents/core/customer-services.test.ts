import { expect, test } from 'vitest'
import { servicesSeenBy } from './customer-services.ts'
import { factsFor, factsOf } from './updates.ts'

const page = {
  components: [
    { name: 'checkout', title: 'Checkout', services: ['checkout', 'payment'] },
    { name: 'search', title: 'Search', services: ['search'] },
  ],
}

test.each([
  [{ components: [{ name: 'checkout' }] }, page, ['checkout', 'payment']],
  [
    { components: [{ name: 'import', title: 'Import', services: ['importer'] }, { name: 'search' }] },
    page,
    ['importer', 'search'],
  ],
  [{ components: [{ name: 'search' }, { name: 'gone' }, 'no', { name: 'none', title: 'None' }] }, page, ['search']],
  [{ components: [{ name: 'checkout' }] }, null, []],
  [{}, page, []],
])('%o sees', (customer, of, services) => {
  expect(servicesSeenBy(customer, of)).toEqual(services)
})

test('one customer is told nothing that could name another', () => {
  const facts = factsOf({
    ...{ title: 'Imports wait', severity: 'SEV2', phase: 'active', services: ['importer'], journeys: ['Import'] },
    ...{ impactStatement: 'Globex cannot import.', impactMinutes: 3, peopleAffected: 5, regions: ['eu'] },
    ...{
      customers: ['Globex'],
      commander: 'ana',
      confirmedCauses: [],
      mitigations: [],
      decisions: [],
      vendorCases: [],
    },
  })
  expect(factsFor(facts, 'customer')).toEqual({ State: 'We are working on it', Journeys: 'Import' })
  expect(factsFor(facts, 'company').Impact).toBe('Globex cannot import.')
})

// The customers of status pages, for whom posts and updates may be alone.
import { useQuery } from '@tanstack/react-query'
import { status } from './api.ts'
import { useMay } from './session.tsx'

/** Of one page, or of all; whoever only reads is told of none. */
export function useCustomers(page = '') {
  const may = useMay('responder')
  return useQuery({
    queryKey: ['status', 'customers', page],
    queryFn: ({ signal }) => status.customers(page, signal),
    enabled: may,
  })
}

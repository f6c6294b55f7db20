// The pages of the shop: plain HTML, every value escaped.
import { type JsonObject, listOf, numberOf, textOf } from '../json.ts'

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}
a{color:#0b5394}table{border-collapse:collapse;width:100%}td{padding:.3rem 0;border-bottom:1px solid #ddd}
.price{text-align:right}.trouble{background:#fbe9e7;padding:1rem;border-radius:.4rem}`

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function euros(cents: number | null): string {
  return `${((cents ?? 0) / 100).toFixed(2)} €`
}

function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style>
<p><a href="/">Products</a> · <a href="/cart">Cart</a></p>
<form action="/search"><label>Search <input name="q"></label> <button>Go</button></form>
<h1>${escapeHtml(title)}</h1>${content}</html>`
}

export function productsPage(title: string, products: readonly JsonObject[]): string {
  const rows = products.map((product) => {
    const sku = textOf(product, 'sku') ?? ''
    const name = escapeHtml(textOf(product, 'name') ?? sku)
    const price = euros(numberOf(product, 'priceCents'))
    return `<tr><td><a href="/products/${encodeURIComponent(sku)}">${name}</a><td class="price">${price}`
  })
  return page(title, rows.length === 0 ? '<p>Nothing found.</p>' : `<table>${rows.join('')}</table>`)
}

export function productPage(product: JsonObject): string {
  const sku = escapeHtml(textOf(product, 'sku') ?? '')
  return page(
    textOf(product, 'name') ?? 'Product',
    `<p>${euros(numberOf(product, 'priceCents'))}</p>
<form method="post" action="/cart"><input type="hidden" name="sku" value="${sku}">
<label>Quantity <input name="quantity" type="number" min="1" max="10" value="1"></label>
<label>Discount code <input name="discountCode"></label> <button>Add to the cart</button></form>`,
  )
}

export function cartPage(cart: JsonObject): string {
  const rows = listOf(cart, 'items').map((item) => {
    const name = escapeHtml(textOf(item, 'name') ?? '')
    const quantity = numberOf(item, 'quantity') ?? 1
    return `<tr><td>${quantity} × ${name}<td class="price">${euros(quantity * (numberOf(item, 'priceCents') ?? 0))}`
  })
  if (rows.length === 0) return page('Cart', '<p>The cart is empty.</p>')
  return page(
    'Cart',
    `<table>${rows.join('')}<tr><td>Total<td class="price">${euros(numberOf(cart, 'totalCents'))}</table>
<form method="post" action="/buy"><label>Card <input name="card" value="4242424242424242"></label> <button>Buy</button></form>`,
  )
}

export function orderPage(order: JsonObject): string {
  const id = escapeHtml(textOf(order, 'orderId') ?? '')
  return page('Thank you', `<p>Order ${id} is paid: ${euros(numberOf(order, 'amountCents'))}.</p>`)
}

export function errorPage(status: number, message: string): string {
  const title = status >= 500 ? 'The shop has trouble' : 'This did not work'
  return page(title, `<p class="trouble">${escapeHtml(message)} (${status})</p>`)
}

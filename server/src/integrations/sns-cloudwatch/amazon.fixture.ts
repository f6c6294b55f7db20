// Amazon SNS played with a key of our own: a certificate nobody trusts, and messages signed with it. Valid for a hundred
// years.
import { createSign } from 'node:crypto'
import { formatInstant, type Instant } from '../../kernel/instant.ts'

export const certificateUrl = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0000.pem'
export const topic = 'arn:aws:sns:eu-central-1:123456789012:alarms'

export const certificate = `-----BEGIN CERTIFICATE-----
MIIDCTCCAfGgAwIBAgIUAheHvA4WckZ9yFUEx8CpdGtUZlEwDQYJKoZIhvcNAQEL
BQAwEzERMA8GA1UEAwwIc25zLnRlc3QwIBcNMjYxMTIxMTExNzMxWhgPMjEyNjEw
MjgxMTE3MzFaMBMxETAPBgNVBAMMCHNucy50ZXN0MIIBIjANBgkqhkiG9w0BAQEF
AAOCAQ8AMIIBCgKCAQEAuz6hCwb/79MQcWdGE2XlcyoaM48KIC0shXQqj5feyLhT
w/9O6B/8S3iHgKIfbnmY8/cnfK5bveZEVfTN34Oi86G+kd4nNsFalz5LmUs3iLli
NpZMArbHilhggBBH1TOa/eM5y6B+P/vchgce5bCL/sCmwHjinzk4ALeKe2SMYfDb
oK14oHFOF6iiH/11k5BYtdO1EPTMrNo8H5nVdi/Q1D9OgwW9OU1799Iitg0wOdGC
FM+iv2GWjjzy2B1VYJuKzc8Qh6K6buTAe+PDM/HL7MJXR5+M4i12SFj1Qtao03fT
18TqjrYYoFyi9T7RDwHz+n76ujLAzIQgDe5HDalRqwIDAQABo1MwUTAdBgNVHQ4E
FgQUOBM2xTr3EpWLckw7i/VruqbJ6iEwHwYDVR0jBBgwFoAUOBM2xTr3EpWLckw7
i/VruqbJ6iEwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAJFoi
VSV7djoG2EfOe+xBy/JWSkYjtI5PvhlYnWUJgCi8Bsq0TYhmo36Q3bWlPNaKUQ8L
WUb3TuvtEFq79P3U+2QH01zqfGL1Ez5v1oIC8vrQgXTV0DxI923F7COSSL2viWsb
tcHTOQUVQAeSnqPsyisxuev5u46VkOox10XDKHKJNemfqeBz7MsBrF3fuKTyj0qO
juIjOHxYjmOsr7Ol2vO/PFGcQTEZj5yG4hJXDKg2Uqha+0dBuArzywn71guVaq58
6vAjm9Uh7QOns+FCZ++37mq6fmdYZYGBdpjOnQv0E+KNtvneL++F+LwOov2w9jYs
bmbMk2u72KIqgBQreA==
-----END CERTIFICATE-----
`
const key = `-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQC7PqELBv/v0xBx
Z0YTZeVzKhozjwogLSyFdCqPl97IuFPD/07oH/xLeIeAoh9ueZjz9yd8rlu95kRV
9M3fg6Lzob6R3ic2wVqXPkuZSzeIuWI2lkwCtseKWGCAEEfVM5r94znLoH4/+9yG
Bx7lsIv+wKbAeOKfOTgAt4p7ZIxh8NugrXigcU4XqKIf/XWTkFi107UQ9Mys2jwf
mdV2L9DUP06DBb05TXv30iK2DTA50YIUz6K/YZaOPPLYHVVgm4rNzxCHorpu5MB7
48Mz8cvswldHn4ziLXZIWPVC1qjTd9PXxOqOthigXKL1PtEPAfP6fvq6MsDMhCAN
7kcNqVGrAgMBAAECggEAWjrC5gp4eLwP12X5yc03dXibaa8LJRg/tQuWmt2HWNgi
XXeBMbCAJmotedomJVlpUF8QYy+uO+NjmLxAHO5VLuwJZkdURDmGiw1U5sjtOPCE
mGNyu3gSzeLqlavCwcV9ccz2g96SGAkpaliyFeMugxOZB3T5V9r91rKbg/ye/W58
P9E/u5/5blJ+Wd+K55TfQXs0XBQs0kjuUZBQkEljPRBKXC56DrWMlvRzWcf0ZQhQ
niBKS1qJXeVgP+OE6bjpLeDDDqmUIUbxkFUIkv6hy4/lUiQZL3EThcoX+FnRN3/p
0xE10zpuNxCbe6Q9w3uExF+JvdrCUoMAmJMgRBayWQKBgQD0+nkH5RV5DEdDkf7P
GccKODVmmgPIhjoAq1Mo8nRP0F7HkdPgoe8Ca4y39lQjJ2TiKk41kL2Y48djZRZM
tbVxCFv0cSlp3VIgOoF7V2rqKzM9sdtasRkugU7tJZYV9M0hQdg+VTx8v/WlNhS3
emp8yfngWj+LYcnQiVqxnqrfRQKBgQDDqzXc0fYExWBXr5AoRS3ntcg3bspb3Rrw
JvqYw120HNLO30olT1ljy4oMmB80BabBsugDrwTWUsC8SlQTgvo+xwwKabgCYMPd
Lc2AWlcx9OfhG/fevBCiBjSRCiGvSY+3vcYlKA2IxDHDCC2+kSLbU1doZKnra/9w
W/mgBsxELwKBgCSj2bpOjxmdtoLqsRu0lUp4AbSo0GwLd11mQnfbW34cgjCDJRdx
4NeR0mgpVYg0eihBf5UPYuwdFVNOaTlr7AlN4ML8sd79lSzw0zDpcDo5394YXeCA
oG2ONYnOl1YNWSjiOj+IbBWUeF8PaaXPj2G+q7rchKiKJa8k/AWY36GpAoGAbo+E
bNS6hXGdgY5zDz4ftSizDBdvAj9KJF5yBPWHMemDeF8U/0X5xXjR9VHTd8qlshdM
ICC5w/yYaQw6u5ernONNu2iHD9jrc0OZNahWUqUGjN0HzvRHFbYZ58ZoyCnxqiny
FzathxUM5R3u8xoBLxrFbfhLRvoMKMnfn/uXWgMCgYAQCnibKvoGCEbIvgbpoCbA
+2Ln2+iPfVdu1XLcMvRTVmYf32uGD7htCieU2C09jau9KWmLWpIQ6celmJOrno9o
+zdKC5NdDR5QwX33nr9vjGKBmUs2WVuCzFPzlB8ECQDa00cs6p/+bPUCVXar6Tc1
OemlpMa/VywzSsz3LazdnQ==
-----END PRIVATE KEY-----
`

export interface SnsDraft {
  readonly type?: 'Notification' | 'SubscriptionConfirmation'
  readonly id?: string
  readonly at: Instant
  readonly message: string
  readonly version?: '1' | '2'
  readonly more?: Readonly<Record<string, string>>
}

/** As Amazon writes it; `more` is set before it is signed. */
export function signedMessage(draft: SnsDraft): Readonly<Record<string, string>> {
  const { type = 'Notification', id = 'm-1', at, message, version = '2', more } = draft
  const isConfirmation = type === 'SubscriptionConfirmation'
  const body: Record<string, string> = {
    Type: type,
    MessageId: id,
    TopicArn: topic,
    Message: message,
    Timestamp: formatInstant(at),
    SignatureVersion: version,
    SigningCertURL: certificateUrl,
    ...(isConfirmation
      ? { Token: 'a'.repeat(40), SubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription' }
      : { Subject: 'ALARM' }),
    ...more,
  }
  const names = isConfirmation
    ? ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
  const signed = names.map((name) => `${name}\n${body[name]}\n`).join('')
  const signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(signed, 'utf8')
    .sign(key, 'base64')
  return { ...body, Signature: signature }
}

// Package rest is the JSON API under /v1: typed operations registered with
// huma, which validates requests, writes OpenAPI 3.1 and answers errors as
// RFC 9457 problems. Lists are {"items": [...], "next": "cursor"}; times are
// RFC 3339 in UTC; money is in minor units with its currency.
package rest

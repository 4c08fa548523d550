// Package api is the HTTP face of the service: the JSON API (api/rest, OpenAPI
// 3.1 by huma), the console and the customers' booking pages (api/web), probes,
// metrics and the API's documentation, behind one handler.
//
//	/v1/...                                  JSON, by admin key or login (api/access)
//	/, /vehicles, /cases, /parts, ...        console, the same access
//	/b/{token}                               customers, by signed token
//	/hooks/...                               providers, by their own signatures
//	/metrics                                 the same access
//	/livez, /readyz, /openapi.json, /docs, /static/...
//
// What stands behind it is injected as the small interfaces that api/rest and
// api/web declare.
package api

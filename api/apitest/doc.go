// Package apitest is a small believable world behind the API, in memory, for
// tests and for looking at the pages without the service. It implements every
// interface of api/rest and api/web; the same seed gives the same world.
package apitest

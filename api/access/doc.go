// Package access decides who may use the console and the API, and remembers a
// login in a signed cookie. Customer pages are not its business: their signed
// token is checked by outreach.
//
//	admin key set    --> Authorization: Bearer KEY, or the cookie of the login page
//	no admin key     --> loopback listeners only, and only when that is allowed
package access

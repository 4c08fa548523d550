// Package port declares what the API needs from the stages behind it: small
// interfaces, the filters they take and the few views that no single stage
// owns. It is a leaf, so that the JSON API and the pages share it; the stages
// never import it, cmd adapts them.
//
// Errors of every method are wrapped kinds of the root package (ErrNotFound,
// ErrConflict, ErrExpired, ...); anything else is answered as an internal
// error without its text.
package port

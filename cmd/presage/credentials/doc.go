// Package credentials is the work behind `presage vehicles`: it reads lists of VINs,
// keeps secrets in files that their owner alone may read, and speaks either to
// a running service or to the database of one that does not run.
package credentials

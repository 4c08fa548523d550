// Package cast invents who and what plays in the virtual fleet: makes and
// models, VINs with valid check digits, customers, workshops, depots and stock.
//
// Nothing here belongs to anybody. Makes, models and people are invented, and
// any likeness is chance. WMIs carry a digit in the third place, which no maker
// of this size has. Phone numbers come from ranges that reach nobody: +1 NPA
// 555 01xx and +44 7700 900xxx are reserved for fiction; China reserves none,
// so its numbers are +86 100 xxxx xxxx, eleven digits with a prefix (10) that
// is not a mobile network's (those begin with 13-19).
package cast

// Package fieldtable holds what foreign formats share: a table, kept as CSV
// beside the decoder, that tells which VSS signal a field is, in which unit it
// comes and as what kind of value.
//
// Columns: field,signal,factor,offset,kind,words.
//
//   - field is the foreign name; "Location.latitude" is a member of an object,
//     "v.t.pressure[0]" an element of an array.
//   - signal is the VSS path. Without one the value is kept under the format's
//     own prefix, and the row says of which kind it is, so that the kind does
//     not change with the value.
//   - signal = factor * field + offset; empty is 1 and 0.
//   - kind is number, bool, string, array, words (an enumeration, see words) or
//     flag (a member of an object that is false when it is left out).
//   - words gives the values of an enumeration: "On=true Off=false".
package fieldtable

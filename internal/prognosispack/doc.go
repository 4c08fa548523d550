// Package prognosispack turns the prognoses of a vehicle into few bytes and back,
// bit for bit: about 80 bytes each, where compressed JSON took 210 and five times
// as long. Four vehicles share a page of 4 KiB then, where one filled it alone.
//
//	version     1 byte, 1
//	prognoses   count, then of each:
//	  texts     component, status, basis, law, version: their place in a table, or 0 and the text
//	  instants  as of, data through: 0 for none, else 1 and the nanoseconds since that of the prognosis before
//	  numbers   Figures of a prognosis in their order, odometer
//	  terms     count + 1 (0 for none at all), then of each: name, unit, value, effect
//	  measured  0 for none; 1, then feature, unit, value, limit
//
// A number with up to seven decimal digits, to which prognoses are rounded, is its
// digits and their decimal exponent, four bytes mostly; any other is its eight bytes.
// The vehicle is the key of the row, so it is not in it; predicted courses are not kept.
// What cannot be read is an ErrInvalid; nothing is read beyond the data.
package prognosispack

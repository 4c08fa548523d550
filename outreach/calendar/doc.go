// Package calendar knows where a customer may be, and which days are public
// holidays there.
//
// A customer's time zone names the country. Without one the country is that of
// the phone number, and the customer may be in any of its zones; without either
// they may be in any of the countries that the operator names. So whoever asks
// gets all zones, and writes only when the hour is decent in each of them.
//
// Most countries' holidays follow from rules (github.com/rickar/cal), as they hold
// in the whole country; where regions differ, the list of the library holds for
// all of it. What no rule tells is in holidays.yaml: China's days, which the State
// Council announces each November, and a few others. A weekend that China makes a
// working day changes nothing here: no weekend is a holiday by itself.
//
// A year of a country that nothing is known of has no holidays, and the log says
// so once.
package calendar

package traffic

import (
	"fmt"

	"presage"
)

// VIN is that of the n-th vehicle, n from 0: makers in China, Europe and North
// America by turns, model years 2020-2027, serial numbers of six digits, and the
// check digit that the law wants at position 9.
func VIN(n int) presage.VIN {
	// World manufacturer identifiers with a descriptor section, of which the
	// check digit is left out.
	makers := [...]string{"LSVAA4187", "LRW3E7FA0", "LGXCE6CB0", "WVWZZZ1K0", "5YJ3E1EA0", "KNAGM4A70"}
	const years = "LMNPRSTV" // 2020-2027 by ISO 3779
	v := fmt.Sprintf("%s%cA%06d", makers[n%len(makers)], years[n/len(makers)%len(years)], n%1_000_000)
	return presage.VIN(v[:8] + string(presage.VINCheckDigit(v)) + v[9:])
}

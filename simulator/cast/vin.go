package cast

import (
	"fmt"
	"time"

	"presage"
)

// vin builds the VIN of the n-th vehicle of the fleet, built in a year 2000-2039.
func (s *Spec) vin(n, year int) presage.VIN {
	const years = "Y123456789ABCDEFGHJKLMNPRSTVWX" // 2000-2029 by ISO 3779; the code repeats after 30 years
	code := years[((year-2000)%30+30)%30]
	v := fmt.Sprintf("%s%s0%cA%06d", s.wmi, s.vds, code, 100_000+n)
	return presage.VIN(v[:8] + string(presage.VINCheckDigit(v)) + v[9:])
}

// day cuts an instant to its UTC day.
func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

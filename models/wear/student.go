package wear

import "math"

// studentCDF is the distribution function of Student's t with nu >= 3 degrees
// of freedom by Wallace's transformation to a normal variate (Wallace 1959,
// Ann. Math. Stat. 30:1124, as given by Johnson, Kotz & Balakrishnan vol. 2,
// sec. 28.4). Its error is below 0.004 for nu = 3 and below 0.001 from nu = 6;
// it costs a tenth of the incomplete beta function and has an exact inverse.
func studentCDF(t, nu float64) float64 {
	z := (8*nu + 1) / (8*nu + 3) * math.Sqrt(nu*math.Log1p(t*t/nu))
	return normalCDF(math.Copysign(z, t))
}

// studentQuantile is the inverse of studentCDF at the normal quantile z.
func studentQuantile(z, nu float64) float64 {
	k := z * (8*nu + 3) / (8*nu + 1)
	return math.Copysign(math.Sqrt(nu*math.Expm1(k*k/nu)), z)
}

func normalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

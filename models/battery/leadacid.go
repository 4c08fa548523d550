package battery

import "math"

// RestAt20 brings the rest voltage of a 12 V lead-acid battery measured at
// tempC to 20 degC. The equilibrium voltage of the six cells rises by about
// 0.23 mV per cell and kelvin (Bode, Lead-Acid Batteries, 1977).
func RestAt20(volts, tempC float64) float64 { return volts - 6*0.00023*(tempC-20) }

// CrankAt20 brings the lowest voltage while cranking to 20 degC. Below that,
// inner resistance and engine drag grow: about 30 mV per kelvin, a judgement
// between the doubling of resistance towards -18 degC and what a warm engine
// bay takes off. Above 20 degC nothing is taken away; below -20 degC no more is added.
func CrankAt20(volts, tempC float64) float64 {
	return volts + 0.03*math.Min(40, math.Max(0, 20-tempC))
}

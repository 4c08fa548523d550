package simulator

const (
	weakEvery  = 20       // young electric cars; one of so many has a failing cell
	weakYears  = 6        // older cars are not young
	weakMeters = 90_000e3 // nor are those that were driven further
	weakSteps  = 4        // stages of the failure, the furthest first
	weakStep   = 20       // days between two of them
)

// weakenCells gives some young electric cars a failing cell, by streams of their own:
// what else happens to a car does not depend on it.
func (w *World) weakenCells() {
	n := 0
	for _, k := range w.cars {
		if k.pack == nil || k.AgeYears > weakYears || k.odometer > weakMeters {
			continue
		}
		if n++; n%weakEvery != 1 {
			continue
		}
		k.pack.Weaken(w.stream(k.n, 12))
		for range weakStep * (weakSteps - n/weakEvery%weakSteps) {
			k.pack.Age(k.City.Climate.Mean)
		}
	}
}

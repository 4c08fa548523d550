package models_test

import (
	"testing"

	"presage"
	"presage/models"
)

// A service book that tells of shock absorbers renewed before the first reading
// says where the present ones began. It is no failure that the service has seen:
// were it counted, ten in thirty cars would make the law several times as bad.
func TestOldServiceBooksAreNoFailuresSeen(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	fleet := func(book bool) func(func(models.History) bool) {
		return func(yield func(models.History) bool) {
			for seed := range uint64(30) {
				c := newCar(seed)
				odometer := presage.Kilometre(c.odo)
				h := c.history(60)
				if book && seed%3 == 0 {
					h.Labels = append(h.Labels, presage.Label{
						Component: presage.ShockAbsorbers, At: evening(-200), OdometerKm: odometer - 8000,
						Outcome: presage.OutcomeConfirmed, Replaced: true,
					})
				}
				if !yield(h) {
					return
				}
			}
		}
	}
	old := newCar(100)
	old.odo = 180_000
	h := old.history(60)
	risk := func(p *models.Prognoser, h models.History) float64 {
		return of(p.Prognose(h, evening(59)), presage.ShockAbsorbers).FailWithin.D90
	}
	plain, told := risk(p.Learn(fleet(false)), h), risk(p.Learn(fleet(true)), h)
	if told > 1.15*plain || told < plain/1.15 {
		t.Errorf("with service books %.4f, without %.4f", told, plain)
	}
	h.Labels = []presage.Label{{
		Component: presage.ShockAbsorbers, At: evening(-400), OdometerKm: 100_000, Outcome: presage.OutcomeConfirmed, Replaced: true,
	}}
	young := newCar(100)
	young.odo = 80_000
	// 80,000 km on the present ones, whether they came with the car or by the book.
	if got, want := risk(p, h), risk(p, young.history(60)); got > 1.02*want || got < want/1.02 {
		t.Errorf("shock absorbers renewed at 100,000 km of 180,000: %.4f, as those of a car of 80,000 km: %.4f", got, want)
	}
}

// The catalogue's shock absorbers live by the inspections that test their damping.
func TestShockAbsorbersTakeThePriorOfTheInspections(t *testing.T) {
	t.Parallel()
	priors, err := models.Priors()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue().Component(presage.ShockAbsorbers)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range priors {
		if !(p.Years > 0 && p.Km > 0 && p.Shape > 1) {
			t.Errorf("%+v is not a prior of a part that wears", p)
		}
		if p.Part == "suspension_test" && (c.Params["life_scale"] != p.Km || c.Params["life_shape"] != p.Shape) {
			t.Errorf("the catalogue has %g km and shape %g, the table %+v", c.Params["life_scale"], c.Params["life_shape"], p)
		}
	}
	if len(priors) != 5 {
		t.Errorf("%d priors", len(priors))
	}
}

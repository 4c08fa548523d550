package forecast

import (
	"presage"
	"presage/forecast/fleet"
)

// unpredicted is the posterior of the rate of jobs at a location that no
// prognosis foresees.
type unpredicted struct {
	shape    float64 // of the gamma: the jobs seen and those of the prior
	days     float64 // its rate parameter: the days looked upon and those of the prior
	quantity int     // pieces a job
}

// unpredictedAt learns the rate from the pieces used, less what was foreseen:
// what was known of booked visits a horizon ahead, and the pieces that the
// failure probabilities of today (perDay pieces a day) would have caused in as
// many days, for the predicted demand counts them already. What is left are
// failures without a sign and visits that nobody has arranged yet. The fleet is taken to have been as
// worn then as it is now; when it has aged, the rate comes out too low by what
// the predicted demand has grown.
func (in *Input) unpredictedAt(used, booked, perDay float64, quantity int) unpredicted {
	days := in.historyDays()
	pieces := max(0, used-booked-perDay*days)
	prior := in.Config.Unpredicted
	return unpredicted{
		shape:    prior.Jobs + pieces/float64(quantity),
		days:     prior.Days + days,
		quantity: quantity,
	}
}

// mean is the expected pieces within so many days.
func (u unpredicted) mean(days float64) float64 {
	return u.shape * days / u.days * float64(u.quantity)
}

// over is the distribution of pieces within so many days.
func (u unpredicted) over(days float64) (fleet.Distribution, error) {
	jobs, err := fleet.NegativeBinomial(u.shape, u.shape*days/u.days)
	if err != nil {
		return fleet.Distribution{}, err
	}
	return jobs.Times(u.quantity), nil
}

// past is the pieces used, and those of finished bookings as far as a plan knew
// of them beforehand, by location.
type past struct{ used, booked map[location]float64 }

func (in *Input) past() past {
	p := past{used: in.usedSince(in.UseFrom), booked: map[location]float64{}}
	today := presage.DayOf(in.AsOf)
	for _, b := range in.Bookings {
		day := presage.DayOf(b.Start)
		if b.State != presage.BookingDone || day < in.UseFrom || day >= today {
			continue
		}
		known := in.known(b)
		for _, need := range b.Parts {
			p.booked[location{in.chains.Newest(need.Part), in.bookingDepot(b)}] += known * float64(need.Quantity)
		}
	}
	return p
}

// usedSince is the pieces used from the day on, before AsOf, by location.
func (in *Input) usedSince(from presage.Day) map[location]float64 {
	out := map[location]float64{}
	for _, u := range in.Use {
		if u.Day >= from && u.Day < presage.DayOf(in.AsOf) {
			out[location{in.chains.Newest(u.Part), u.DepotID}] += float64(u.Quantity)
		}
	}
	return out
}

// known is the share of the plans with the visit within their horizon that were
// made after it was booked, of one a day.
func (in *Input) known(b presage.Booking) float64 {
	if b.CreatedAt.IsZero() {
		return 1
	}
	ahead := b.Start.Sub(b.CreatedAt).Hours() / 24 / float64(in.Config.HorizonDays)
	return min(max(ahead, 0), 1)
}

// piecesPerJob is how many pieces of each part one job takes, when all its
// jobs agree; a part that is not in the map is used one by one.
func (in *Input) piecesPerJob() map[string]int {
	out := map[string]int{}
	for _, j := range in.Catalogue.Jobs {
		for _, need := range j.Parts {
			part := in.chains.Newest(need.Part)
			if known, ok := out[part]; ok && known != need.Quantity {
				out[part] = 1
			} else {
				out[part] = need.Quantity
			}
		}
	}
	return out
}

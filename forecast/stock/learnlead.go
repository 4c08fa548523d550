package stock

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"presage"
)

// LeadPrior is what is believed of a part's lead time before an order of it
// has arrived: as if Orders had been received whose mean is Days and whose
// coefficient of variation is CV.
type LeadPrior struct {
	Days   float64 // the catalogue's lead time, in (0, 3650]
	CV     float64 // in (0, 1.5]
	Orders float64 // in [1, 1000]
}

// DefaultLeadPrior takes the catalogue's lead time for what four orders would
// have shown, give or take 30 %.
func DefaultLeadPrior(days float64) LeadPrior { return LeadPrior{Days: days, CV: 0.3, Orders: 4} }

// outlier is how many times later than the centre an order may count: beyond
// is more often a receipt booked late than a lead time (Huber's winsorising).
const outlier = 4

// largestCV bounds what is learnt.
const largestCV = 1.5

// Learn is the distribution of the next order's lead time, given the days that received
// orders took and the ages in days of those still open, all in [0, 3650]; else
// ErrInvalid. The slices are left alone.
//
// The mean is the posterior mode for gamma lead times with an inverse-gamma
// prior: the mean over the prior's orders, the received and the open ones,
// where an open one of age a counts as E[L; L > a] (EM). Shape k is the
// likeliest for the gamma deviances of the received (log k - digamma k = mean
// of x/m - 1 - log(x/m)), the prior's counted in. As the mean is only known to
// as many orders, the distribution is that much wider: with N orders the second moment
// of the inverse-gamma mixture of gammas has Nk/(Nk-1) for 1.
func (p LeadPrior) Learn(received, open []float64) (LeadTime, error) {
	if err := p.validate(); err != nil {
		return LeadTime{}, err
	}
	for _, days := range [...][]float64{received, open} {
		for _, x := range days {
			if !(x >= 0 && x <= maxLead) {
				return LeadTime{}, fmt.Errorf("%w lead time of %v days: want 0 to %d", presage.ErrInvalid, x, maxLead)
			}
		}
	}
	// Nothing arrives at once; a receipt on the day of the order took half of it.
	const least = 0.5
	most := outlier * p.centre(received)
	seen := make([]float64, 0, len(received)+len(open))
	for _, x := range received {
		seen = append(seen, min(max(x, least), most))
	}
	arrived := len(seen)
	for _, x := range open {
		seen = append(seen, min(x, most))
	}
	shape := 1 / (p.CV * p.CV)
	mean := p.mean(seen[:arrived], seen[arrived:], shape)
	shape = p.shape(seen[:arrived], mean)
	mean = p.mean(seen[:arrived], seen[arrived:], shape)
	orders := (p.Orders + float64(arrived)) * shape
	square := (1 + 1/shape) * orders / max(orders-1, 0.25)
	return NewLeadTime(min(mean, maxLead), min(math.Sqrt(max(square-1, 0)), largestCV))
}

func (p LeadPrior) validate() error {
	if !(p.Days > 0 && p.Days <= maxLead) || !(p.CV > 0 && p.CV <= largestCV) || !(p.Orders >= 1 && p.Orders <= 1000) {
		return fmt.Errorf("%w prior of a lead time %+v: want days in (0, %d], CV in (0, %v], orders in [1, 1000]",
			presage.ErrInvalid, p, maxLead, largestCV)
	}
	return nil
}

// centre is the median of the received and the prior's orders, all of which
// stand at its Days.
func (p LeadPrior) centre(received []float64) float64 {
	sorted := slices.SortedFunc(slices.Values(received), cmp.Compare[float64])
	half, below := (p.Orders+float64(len(sorted)))/2, 0.0
	for _, x := range sorted {
		if x > p.Days {
			if below+p.Orders >= half {
				return p.Days
			}
			if below+p.Orders+1 >= half {
				return x
			}
		} else if below+1 >= half {
			return x
		}
		below++
	}
	return p.Days
}

// mean is the fixed point of the EM steps.
func (p LeadPrior) mean(received, open []float64, shape float64) float64 {
	fixed := p.Orders * p.Days
	for _, x := range received {
		fixed += x
	}
	n := p.Orders + float64(len(received))
	mean := fixed / n
	if len(open) == 0 {
		return mean
	}
	for range 100 {
		sum := fixed
		for _, age := range open {
			sum += exceeding(shape, mean, age)
		}
		next := sum / (n + float64(len(open)))
		if math.Abs(next-mean) <= 1e-9*mean {
			return next
		}
		mean = next
	}
	return mean
}

// exceeding is the mean of a gamma lead time known to exceed age.
func exceeding(shape, mean, age float64) float64 {
	x := age * shape / mean
	beyond := mathext.GammaIncRegComp(shape, x)
	if beyond < 1e-12 { // the hazard rate of a gamma tends to shape/mean
		return age + mean/shape
	}
	return mean * mathext.GammaIncRegComp(shape+1, x) / beyond
}

// shape solves for the gamma shape, given the mean.
func (p LeadPrior) shape(received []float64, mean float64) float64 {
	prior := 1 / (p.CV * p.CV)
	deviance := p.Orders * (math.Log(prior) - mathext.Digamma(prior))
	for _, x := range received {
		deviance += x/mean - 1 - math.Log(x/mean)
	}
	deviance /= p.Orders + float64(len(received))
	// log k - digamma k falls from infinity to 0: bisect in log k.
	low, high := math.Log(1/(largestCV*largestCV)), math.Log(1e6)
	for range 50 {
		middle := (low + high) / 2
		if k := math.Exp(middle); middle-mathext.Digamma(k) > deviance {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Exp((low + high) / 2)
}

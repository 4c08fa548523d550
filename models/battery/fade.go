package battery

import (
	"fmt"
	"math"

	"presage"
	"presage/models/median"
)

const (
	smoothing    = 5   // readings to each side of a running median
	rateShare    = 0.5 // of a cell's early rate, on a logarithmic scale, that stays; before any peer is seen
	rateShareSD  = 0.3
	rateNoise    = 0.2  // of the logarithm of the rate ahead
	slowest      = 1e-6 // of the first capacity per cycle: what did not fade yet
	furthest     = 4    // times the longest peer
	tailShare    = 0.2  // of the peers' cycles whose rate goes on beyond their end
	lastReadings = 5    // whose median is the level now
)

// Peers are cells of the same kind whose fade is known.
type Peers struct {
	given int
	loss  []float64 // mean loss since the last given cycle, in shares of the first capacity
	early float64   // mean logarithm of the peers' rates over the given cycles
	share float64   // of a cell's own early rate that lasts
	noise float64   // standard deviation of the logarithm of the rate ahead
	count int
}

// NewPeers learns from capacities by cycle how cells like a new one fade after
// its first given cycles: the mean of their losses, and by how much a cell
// that starts faster goes on faster. The latter is a regression of logarithms through
// the mean with a prior: half the difference lasts, give or take 0.3, for neither none nor all of
// it can be ruled out. ErrInvalid: fewer than two peers longer than given, given
// below three, or a capacity that is not above 0.
func NewPeers(curves [][]float64, given int) (Peers, error) {
	p := Peers{given: given, count: len(curves)}
	if len(curves) < 2 || given < 3 {
		return p, fmt.Errorf("%w peers: %d cells, %d cycles given: want two and three at least",
			presage.ErrInvalid, len(curves), given)
	}
	var losses [][]float64
	var early, late []float64
	for i, c := range curves {
		if err := capacities(c); err != nil || len(c) < given+2 {
			return p, fmt.Errorf("%w peer %d: %d cycles: want %d at least, all above 0",
				presage.ErrInvalid, i+1, len(c), given+2)
		}
		loss := lossSince(c, given)
		losses = append(losses, loss)
		early = append(early, math.Log(earlyRate(c[:given])))
		late = append(late, math.Log(math.Max(loss[len(loss)-1]/float64(len(loss)), slowest)))
	}
	p.average(losses)
	p.learn(early, late)
	return p, nil
}

func capacities(c []float64) error {
	for i, q := range c {
		if !(q > 0) || math.IsInf(q, 0) {
			return fmt.Errorf("%w capacity %d: %g: want a number above 0", presage.ErrInvalid, i+1, q)
		}
	}
	return nil
}

// lossSince is the smoothed loss after each cycle beyond given, in shares of the first capacity.
func lossSince(c []float64, given int) []float64 {
	s := smoothed(c)
	out := make([]float64, 0, len(c)-given)
	for _, q := range s[given:] {
		out = append(out, (s[given-1]-q)/s[0])
	}
	return out
}

func smoothed(c []float64) []float64 {
	out := make([]float64, len(c))
	for i := range c {
		out[i] = median.Of(c[max(0, i-smoothing):min(len(c), i+smoothing+1)])
	}
	return out
}

// earlyRate is the loss per cycle in shares of the first capacity, by least squares.
func earlyRate(c []float64) float64 {
	n := float64(len(c))
	var sx, sy, sxx, sxy float64
	for i, q := range c {
		x, y := float64(i), q/c[0]
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return math.Max(-(n*sxy-sx*sy)/(n*sxx-sx*sx), slowest)
}

// average adds up the mean step of the peers that still live, and goes on at
// the rate of their last fifth.
func (p *Peers) average(losses [][]float64) {
	longest := 0
	for _, l := range losses {
		longest = max(longest, len(l))
	}
	sum := 0.
	for i := range furthest * longest {
		if i < longest {
			step, n := 0., 0.
			for _, l := range losses {
				if i < len(l) {
					before := 0.
					if i > 0 {
						before = l[i-1]
					}
					step, n = step+l[i]-before, n+1
				}
			}
			sum += step / n
		} else {
			tail := max(1, int(tailShare*float64(longest)))
			from := 0.
			if longest > tail {
				from = p.loss[longest-1-tail]
			}
			sum += math.Max((p.loss[longest-1]-from)/float64(tail), slowest)
		}
		p.loss = append(p.loss, sum)
	}
}

// learn is the conjugate update of the share, with the noise known beforehand
// to be 0.2 as well as four peers could tell.
func (p *Peers) learn(early, late []float64) {
	p.early = meanOf(early)
	middle := meanOf(late)
	penalty := square(rateNoise / rateShareSD)
	xx, xy := penalty, penalty*rateShare
	for i := range early {
		x := early[i] - p.early
		xx, xy = xx+x*x, xy+x*(late[i]-middle)
	}
	p.share = math.Min(1, math.Max(0, xy/xx))
	squares := 4 * square(rateNoise)
	for i := range early {
		squares += square(late[i] - middle - p.share*(early[i]-p.early))
	}
	p.noise = math.Sqrt(squares / float64(4+len(early)))
}

func meanOf(x []float64) float64 {
	sum := 0.
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// FadeForecast is how a cell's capacity will fall.
type FadeForecast struct {
	Capacity []float64 // after each cycle beyond the given ones, expected
	level    float64
	first    float64
	loss     []float64
	spread   float64 // of the logarithm of the rate
}

// Forecast takes the given first capacities of a cell, in the unit of the
// answer. ErrInvalid: not as many as the peers were learnt for, or one not above 0.
func (p Peers) Forecast(c []float64) (FadeForecast, error) {
	if err := capacities(c); err != nil {
		return FadeForecast{}, err
	}
	if len(c) != p.given {
		return FadeForecast{}, fmt.Errorf("%w forecast: %d capacities: the peers were learnt for %d",
			presage.ErrInvalid, len(c), p.given)
	}
	speed := math.Exp(p.share * (math.Log(earlyRate(c)) - p.early))
	f := FadeForecast{
		level: median.Of(c[max(0, len(c)-lastReadings):]), first: c[0],
		// The mean of the peers is itself uncertain by the noise over their number.
		spread: p.noise * math.Sqrt(1+1/float64(p.count)),
	}
	for _, l := range p.loss {
		f.loss = append(f.loss, speed*l)
		f.Capacity = append(f.Capacity, f.level-speed*l*f.first)
	}
	return f, nil
}

// normal10 is the normal quantile of 0.9.
const normal10 = 1.2815515655446004

// Life is how many cycles are left until the capacity is at limit: 10 %, 50 %
// and 90 % quantile, the rate ahead being lognormal. A quantile beyond four times
// the longest peer is that many cycles.
func (f FadeForecast) Life(limit float64) (p10, p50, p90 float64) {
	at := func(factor float64) float64 {
		for i, l := range f.loss {
			if f.level-factor*l*f.first <= limit {
				return float64(i + 1)
			}
		}
		return float64(len(f.loss))
	}
	s := math.Exp(normal10 * f.spread)
	return at(s), at(1), at(1 / s)
}

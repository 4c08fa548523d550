// Package forecast says how many pieces of each part each depot will need, as
// a whole distribution, where the need comes from, and what to order.
//
//	bookings ----> B  known visits ---------------------------------------------+
//	    |                                                                       |
//	    +--netted out--> prognoses, cases --> failures --+                      |
//	    |                parts used --> unpredicted -----+--> F --w---+         v
//	    |                                                             +--> open * B --> total
//	    +--consume--> weekly record --> demand.Fit --> H - B --(1-w)--+     |
//	                                                                        +--> stock --> advice
//	forecasts archived weekly --> scores --> w                            overrides
//
// A vehicle asks for the parts of a component's job once, by the first that holds:
//
//	booked visit            its parts x show-up probability, on its day
//	open or offered case    accepts, or declines and fails all the same
//	service on a clock      comes by and by once it is due (see coming)
//	anything else           the prognosis' failure probability
//
// so known demand is netted out of the predicted one, never added to it.
//
// # Renewals
//
// A prognosis says when the part in place fails, up to 90 days ahead, then at
// the last hazard. Within 90 days each request is made once. Longer spans (a long
// lead time, the year by which excess is told) count the failures of the parts
// fitted in them too: a renewed part has the hazard of the fleet's young
// quarter (see young), the first failure is spread evenly over the span, and
// the common frailty multiplies both. What nobody can tell from prognoses is
// left out: how a renewed part ages within the span, and second failures of
// parts that a booked visit renews. A fleet without young parts counts too many.
//
// # Forecast consumption
//
// The history's distribution H is of all demand, whatever its cause; visits already
// booked are a part of it. As in material requirements planning, where orders
// consume the forecast (Silver, Pyke and Thomas, Inventory and Production
// Management in Supply Chains, 4th ed.), what is left open is max(0, H - B), so
// that the total, by the history alone, is the larger of what is known and what
// is usual. It is taken of the distributions, not of their means, for each span by
// itself: the weeks' means may add up to a little more than a horizon's.
//
// # The linear pool
//
// Which of F and H is right is not known, and w F + (1-w) H says exactly that.
// The pool keeps every cause apart - its mean is the weighted sum of the
// drivers', its score a quadratic in w known from three numbers a forecast - and
// it is never narrower than both. A pool of calibrated distributions is too wide, not too
// narrow (Gneiting and Ranjan 2013, Electronic Journal of Statistics
// 7:1747-1782), which is the better error for a stock. See Weights. Forecasts by
// combination have long beaten their parts on intermittent demand, where no
// method wins everywhere (Petropoulos and Kourentzes 2015, JORS 66:914-924;
// classes: Syntetos, Boylan and Croston 2005, JORS 56:495-503). A part without a
// history leans on F alone, one that no prognosis can ask for on H alone.
//
// # Levels
//
// Depots are independent given the stratum of the shared frailty (package fleet)
// and given which distribution of the pool holds. So distributions are added up over the depots of
// a region in each stratum and under each distribution, and mixed afterwards:
//
//	region = w mean over strata of (F1|s * F2|s * ...) + (1-w) (H1 * H2 * ...)
//
// That is exact, not drawn: a depot's own distribution is the same mixture, means add up,
// and quantiles above a depot are those of the sum, wider than of strangers.
// What depots may share under H, such as a cold winter, is left out.
//
// # Orders on their way
//
// An open order's pieces are in the position, and its day is looked at: the
// risk of a stock-out is also that of the days before it comes. It stays on order
// until it is received (package orders). One that is overdue is expected to be as late
// again as it is already, so that each day on which it does not come raises the risk:
// the gamma distribution of lead times has too light a tail to say that, by it the
// latest orders would come tomorrow. Being late lengthens the part's lead time, too
// (see LearnLeads). Orders of a superseded number come in as
// its successor's. What Service orders is promised for the mean of the lead
// time learnt, rounded up to days.
//
// Plan is a pure function; Service reads the stores, learns once a week and day
// what does not change faster (LearnHistory, Skills, LearnLeads), plans, orders
// and keeps the plan. A superseded part's use, requests and stock are its
// successor's throughout.
package forecast

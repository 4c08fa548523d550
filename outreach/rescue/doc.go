// Package rescue brings help to cars that stand still: the nearest partner is asked at
// once, by day and by night, and the customer sees how far it is.
//
//	asked --> on_the_way --> arrived --+--> mended --+--> done      the case is done
//	  |           |            |       +--> towed ---+              ... goes on at the partner's
//	  +-----------+------------+--> called_off                      ... goes on without a rescue
//
// A case with a rescue is escalated, on the route rescue. Its deadline is that of the
// next step, of which the policy says how soon it is done: somebody takes a rescue, is
// there by the time they said, and ends it. What nobody does in time goes to the
// manager, again and again. Quiet hours and the frequency cap do not count.
//
// The partner is the nearest to where the car stood last, of those that take its make
// and have a bay for its jobs. Where nobody knows where the car is, or no partner is
// within the policy's distance, it is the customer's own workshop.
//
// A car that drives again, or whose fault is gone, calls its rescue off as long as
// nobody has arrived; so does a new owner.
package rescue

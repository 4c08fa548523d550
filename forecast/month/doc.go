// Package month is the planner's month: what is most at stake, what has changed since an
// earlier plan and why, and what forecasts and planners' own figures were worth.
//
//	plan of the week --> points --> what changed (Explain)   --> exceptions --> decision --> order
//	                          \--> parts used since (Score)  --> accuracy           \--> value added
//
// What is lacking at a shelf is its order-up-to level less what is on hand and on order and
// not overdue, plus what is reserved. Its change since an earlier plan is split exactly: the
// level is the mean demand a day times the lead time, plus what is kept for safety, and of a
// product a change of either factor counts at the mean of the other, before and after (the
// Shapley value of two players). So the parts add up to the whole, in whatever order one
// looks at them.
package month

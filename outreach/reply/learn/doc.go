// Package learn is a small classifier of texts: multinomial logistic regression
// over hashed features, trained by stochastic gradient steps in a fixed order,
// kept as one signed byte a weight. The same examples give the same bytes.
package learn

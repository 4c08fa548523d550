package main

type lifeCommand struct {
	Fit lifeFitCommand `cmd:"" help:"Fit distributions to lives, exact, censored or truncated; or a trend to repairs."`
}

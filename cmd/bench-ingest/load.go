package main

import "context"

type loadCommand struct{}

// Run is.
func (c loadCommand) Run(context.Context) error { return nil }

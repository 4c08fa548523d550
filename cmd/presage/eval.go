package main

import "context"

type evalCommand struct{}

func (evalCommand) Run(context.Context, *process) error { return nil }

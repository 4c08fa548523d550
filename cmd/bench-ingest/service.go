package main

import (
	"context"
	"crypto/rand"
	"net/http"

	"presage/internal/procs"
)

// presageServer is `presage serve` in a process of its own.
type presageServer struct {
	*procs.Proc
	url    string // of the API, without a slash at the end
	broker string // of the door inside
	key    string // of the API
}

// startService runs it on dir and free ports and returns when it is ready.
func startService(ctx context.Context, p programs, dir string, args ...string) (*presageServer, error) {
	api, err := procs.FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	mqtt, err := procs.FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	for _, setting := range p.Set {
		args = append(args, "--set", setting)
	}
	s := &presageServer{url: "http://" + api, broker: "tcp://" + mqtt, key: rand.Text()}
	args = append(args, "--set", "http.admin_key="+s.key)
	s.Proc, err = procs.Presage{Program: p.PresageBin, Dir: dir, API: api, MQTT: mqtt}.Start(ctx, args...)
	if err != nil {
		return nil, err
	}
	if err := s.Await(ctx, 2*stall, procs.Answers(s.url+"/readyz", http.StatusOK)); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

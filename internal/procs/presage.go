package procs

import (
	"context"
	"net/http"
)

// Presage tells where a `presage serve` of its own works.
type Presage struct {
	Program string // the path of presage
	Dir     string // of its data
	API     string // address of its API, "127.0.0.1:port"
	MQTT    string // address of the door inside, which --set mqtt.broker=... replaces
	Env     []string
}

// Start starts it with further arguments and returns once it answers, which is
// before it is ready (/readyz).
func (s Presage) Start(ctx context.Context, args ...string) (*Proc, error) {
	args = append([]string{"serve", "--data", s.Dir, "--addr", s.API, "--mqtt-addr", s.MQTT}, args...)
	return StartReady(ctx, Answers("http://"+s.API+"/livez", http.StatusOK), s.Program, s.Env, args...)
}

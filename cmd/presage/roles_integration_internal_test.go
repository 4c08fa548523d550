//go:build integration

package main

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api/ready"
)

// Three processes with roles of their own are one service: what comes in at one is judged by
// another and told by the third, and while one is away the others say so.
func TestRolesMakeOneService(t *testing.T) {
	t.Parallel()
	roles := [3]string{"api,outreach", "ingest", "score,forecast"}
	c := startCluster(t, func(node int) []string { return []string{"--roles", roles[node]} })
	registerFleet(c.pages.service)
	publishWear(t, c.nodes[1].service, wearing, time.Now(), "")
	s := c.pages.service
	pads := until(s, "/v1/cases?vin="+string(wearing), "a case", func(x presage.Case) bool {
		return x.State == presage.CaseOffered
	})
	until(s, "/v1/messages?case="+pads.ID, "the customer is told",
		func(m presage.Message) bool { return m.State == presage.MessageSent })
	for _, m := range get[list[presage.Message]](s, "/v1/messages?case="+pads.ID).Items {
		c.checkLinks(m.Body)
	}
	until(s, "/v1/parts/forecast", "a plan of parts", func(f presage.PartForecast) bool { return f.Part == padPart })

	for i, n := range c.nodes {
		if got := strings.Contains(n.out.String(), "MQTT"); got != (i == 1) {
			t.Errorf("process %d announces a door: %v", i, got)
		}
	}
	for i, want := range []float64{0, 0, presage.Shards} {
		if n := metric(c.nodes[i].service, "presage_shards"); n != want {
			t.Errorf("process %d has %v shards, want %v", i, n, want)
		}
		leads := metric(c.nodes[i].service, `presage_leads{duty="outreach"}`)
		if (leads == 1) != (i == 0) {
			t.Errorf("process %d leads outreach: %v", i, leads)
		}
	}
	missing := func() string {
		why, ok := parts(s)["roles"]
		if !ok {
			t.Fatal("/readyz says nothing of roles")
		}
		return why
	}
	if why := missing(); why != "" {
		t.Errorf("with all processes: %s", why)
	}
	if err := c.nodes[2].stop(); err != nil {
		t.Fatal(err)
	}
	s.eventually("told that nobody scores", func() bool { return strings.Contains(missing(), "score, forecast") }, missing)
	asked := parts(c.nodes[1].service)
	_, messages := asked["messages"]
	if _, mqtt := asked["mqtt"]; messages || !mqtt {
		t.Errorf("the process that takes in asks %v", asked)
	}
}

// parts are those of /readyz, each with what is wrong with it.
func parts(s *service) map[string]string {
	s.tb.Helper()
	out := map[string]string{}
	for _, p := range get[struct{ Parts []ready.Part }](s, "/readyz").Parts {
		out[p.Name] = p.Reason
	}
	return out
}

package outreach_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"presage"
	"presage/outreach"
	"presage/outreach/outbox"
)

// leisurely is a channel that takes its time for each message.
type leisurely struct {
	outbox.Channel
	name presage.ChannelName
	each time.Duration

	mu        sync.Mutex
	now, most int                 // messages it has before it, and the most of them
	got       map[string][]string // IDs by customer
}

func (p *leisurely) Name() presage.ChannelName { return p.name }

func (p *leisurely) Send(_ context.Context, m presage.Message, _ presage.Customer) (string, error) {
	p.count(1)
	defer p.count(-1)
	<-time.After(p.each)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got[m.CustomerID] = append(p.got[m.CustomerID], m.ID)
	return string(p.name) + m.ID, nil
}

func (p *leisurely) count(by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now += by
	p.most = max(p.most, p.now)
}

// 64 customers are due five texts and one push each. 16 texts at a time take
// 64*5/16 = 20 rounds of 200 ms, by hand, and the slower pushes go out beside them.
func TestEachChannelHasAPoolOfSenders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sms := &leisurely{name: presage.ChannelSMS, each: 200 * time.Millisecond, got: map[string][]string{}}
		push := &leisurely{name: presage.ChannelPush, each: time.Second, got: map[string][]string{}}
		x := standard()
		x.channels = []outreach.Channel{push, sms}
		w := newWorld(t, x)
		const customers, each = 64, 5
		want := map[string][]string{}
		var due []presage.Message
		for i := range customers {
			id := fmt.Sprintf("c%02d", i)
			w.do(w.store.PutCustomers(w.ctx(), []presage.Customer{{
				ID: id, Phone: presage.Phone(fmt.Sprintf("+86138%08d", i)), Zone: "Asia/Shanghai",
				Consent: x.consent,
			}}))
			w.do(w.store.PutDevices(w.ctx(), []presage.Device{{ID: "phone", CustomerID: id, Token: presage.Secret(id)}}))
			car := presage.VIN(fmt.Sprintf("LPSAAAAA1AA1000%02d", i))
			w.do(w.store.PutVehicles(w.ctx(), []presage.Vehicle{{VIN: car, CustomerID: id, WorkshopID: "w1"}}))
			for n := range each + 1 {
				m := presage.Message{
					ID: fmt.Sprintf("%s-%d", id, n), Kind: "help", Channel: presage.ChannelSMS, CustomerID: id, VIN: car,
					Body: "words", State: presage.MessagePlanned, CreatedAt: w.now,
					NotBefore: w.now.Add(time.Duration(n-each) * time.Minute),
				}
				if n == each {
					m.Channel = presage.ChannelPush
				} else {
					want[id] = append(want[id], m.ID)
				}
				m.Key = m.ID
				due = append(due, m)
			}
		}
		slices.Reverse(due) // the store, not the insertion, keeps the order
		w.do(w.store.PutMessages(w.ctx(), due))
		began := time.Now()
		if n := w.send(); n != len(due) {
			t.Fatalf("%d of %d went out", n, len(due))
		}
		if took := time.Since(began); took < 4*time.Second || took > 6*time.Second {
			t.Errorf("they took %v", took)
		}
		if sms.most != 16 || push.most != 16 {
			t.Errorf("at a time: %d texts, %d pushes", sms.most, push.most)
		}
		for id, order := range want {
			if !slices.Equal(sms.got[id], order) {
				t.Errorf("%s got %v, want %v", id, sms.got[id], order)
			}
		}
	})
}

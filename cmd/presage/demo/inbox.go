package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"presage"
)

// readAfter is how long an adviser needs to get to a text in the queue.
func readAfter(s presage.Severity) time.Duration {
	if s == presage.Safety {
		return 5 * time.Minute
	}
	return 50 * time.Minute
}

// readInbox lets advisers read what customers wrote, and answer it.
func (p *people) readInbox(ctx context.Context, now time.Time) error {
	waiting, err := p.app.Outreach.Conversations(ctx, presage.ConversationFilter{
		State: presage.ConversationOpen, Limit: 100,
	})
	if err != nil {
		return fmt.Errorf("adviser's inbox: %w", err)
	}
	for _, c := range waiting {
		key := "talk/" + c.CustomerID + "/" + strconv.FormatInt(c.Since.Unix(), 10)
		if p.queued[key] {
			continue
		}
		p.queued[key] = true
		p.agenda.add(now.Add(readAfter(c.Severity)), func(ctx context.Context) error {
			return tolerate(p.reads(ctx, c.CustomerID))
		})
	}
	return nil
}

// reads is what an adviser does with a conversation: whoever waits for a call about a
// case is called, everybody else is written to, and who cannot be is noted as done.
func (p *people) reads(ctx context.Context, customerID string) error {
	c, err := p.app.Outreach.Conversation(ctx, customerID)
	if err != nil || c.State != presage.ConversationOpen {
		return err
	}
	if err := p.app.Outreach.SawTalk(ctx, customerID, presage.OwnerAdviser); err != nil {
		return err
	}
	who := c.Owner
	if who == "" || who == presage.OwnerManager {
		who = presage.OwnerAdviser
	}
	if c.CaseID != "" {
		x, err := p.app.SQL.Case(ctx, c.CaseID)
		if err != nil {
			return err
		}
		if x.State == presage.CaseEscalated {
			return p.call(ctx, x, p.app.Clock.Now())
		}
	}
	text := presage.Text{
		ZH: "您好，您的消息已收到，我们的顾问会为您处理。如需改期或有其他问题，请直接回复或致电网点。",
		EN: "Hello, thank you for your message: we have read it and take care of it. " +
			"For another time, or anything else, simply write back or call us.",
	}
	_, err = p.app.Outreach.Say(ctx, presage.PersonalMessage{
		CustomerID: customerID, Text: text.In(c.Lang), Who: who,
	})
	if errors.Is(err, presage.ErrConflict) { // no channel that the customer agrees to
		_, err = p.app.Outreach.ActOnTalk(ctx, presage.TalkAction{
			CustomerID: customerID, Kind: presage.TalkClose, Who: who,
		})
	}
	return err
}

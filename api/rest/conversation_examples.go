package rest

import (
	"time"

	"presage"
)

func exampleConversation() conversation {
	at := time.Date(2026, 11, 21, 9, 12, 0, 0, time.UTC)
	return conversation{Conversation: presage.Conversation{
		CustomerID: "c-10042", State: presage.ConversationOpen, Since: at, DueAt: at.Add(15 * time.Minute),
		Severity: presage.Safety, Reason: presage.Because(presage.WhyNotUnderstood), Owner: "Zhao Min",
		CaseID: "cfh3k2jq7lmno5pq", WorkshopID: "w-pudong", Lang: presage.English, UpdatedAt: at,
	}, Why: "The customer's reply needs a person to read it"}
}

func exampleThread() threadDetail {
	c := exampleConversation()
	return threadDetail{Conversation: c, Channels: []presage.ChannelName{presage.ChannelSMS}, Turns: []turn{
		{Turn: presage.Turn{
			At: c.Since.Add(-time.Hour), From: "service", Channel: presage.ChannelSMS, Kind: "offer", CaseID: c.CaseID,
			Text: "Presage: your brake pads are due. Reply 1=Mon 23 Nov 09:00", State: presage.MessageDelivered,
			MessageID: "m2k4", DeliveredAt: c.Since.Add(-59 * time.Minute), Lang: presage.English,
		}},
		{Turn: presage.Turn{
			At: c.Since, From: "customer", Channel: presage.ChannelSMS, Text: "do you have a loan car?", CaseID: c.CaseID,
		}},
	}}
}

func exampleAnswer() message {
	at := exampleConversation().Since.Add(5 * time.Minute)
	return message{Message: presage.Message{
		ID: "m7f2", Key: "personal/c-10042@2026-11-21T09:17:00Z/sms", About: "c-10042@2026-11-21T09:17:00Z",
		CustomerID: "c-10042", Kind: presage.KindPersonal, Channel: presage.ChannelSMS, Lang: presage.English,
		Title: "Presage", Body: "Presage: Yes, we keep a small car for you on Thursday.", State: presage.MessagePlanned,
		NotBefore: at, CreatedAt: at, UpdatedAt: at,
	}}
}

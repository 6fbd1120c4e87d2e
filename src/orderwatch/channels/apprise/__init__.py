"""Any of the services that Apprise speaks to: Slack, Telegram, Discord, mail, KakaoTalk, ntfy and a hundred more."""

const money = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });

export const formatMoney = (cents: number, currency = "SEK"): string =>
  `${money.format(cents / 100)} ${currency === "SEK" ? "kr" : currency}`;

export const formatDistance = (metres: number): string =>
  metres < 950 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;

export const formatDuration = (seconds: number): string => `${Math.max(1, Math.round(seconds / 60))} min`;

export const formatTime = (iso: string): string => clock.format(new Date(iso));

export const formatDay = (iso: string): string => day.format(new Date(iso));

export const isToday = (iso: string, now = new Date()): boolean =>
  new Date(iso).toDateString() === now.toDateString();

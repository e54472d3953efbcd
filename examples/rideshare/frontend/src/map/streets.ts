import type { JunctionId } from "./junctions.ts";

export interface Street {
  name: string;
  kind: "main" | "minor";
  path: readonly JunctionId[];
}

const main = (name: string, ...path: JunctionId[]): Street => ({ name, kind: "main", path });
const minor = (name: string, ...path: JunctionId[]): Street => ({ name, kind: "minor", path });

export const streets: readonly Street[] = [
  main("Sveavägen", "sergel", "hotorget", "radmansgatan", "odenSvea", "norrtull"),
  main("Birger Jarlsgatan", "nybroplan", "stureplan", "odenBirger", "roslagstull"),
  main("Valhallavägen", "roslagstull", "odenValhalla", "stadion", "karlaplan", "valhallaEast"),
  main("Odengatan", "eriksplan", "odenplan", "odenSvea", "odenBirger", "odenValhalla"),
  main("Kungsgatan", "kungsbronWest", "kungsbronEast", "hotorget", "stureplan"),
  main("Strandvägen", "nybroplan", "djurgardsbron", "nobelparken", "kaknas"),
  main("Lidingövägen", "stadion", "lidingovagen", "ropsten", "torsvik"),
  main("S:t Eriksgatan", "fridhemsplan", "eriksplan", "eriksNorth", "norrtull", "roslagstull"),
  main("Solnavägen", "eriksNorth", "hagastaden", "solna", "solnaWest"),
  main("Fleminggatan", "fridhemsplan", "fleming", "barnhusWest", "kungsbronWest"),
  main("Hantverkargatan", "tegelbacken", "stadshuset", "kungsholmstorg", "fridhemsplan"),
  main("Västerbron", "fridhemsplan", "vasterbronNorth", "langholmen", "vasterbronSouth", "hornstull"),
  main("Drottningholmsvägen", "fridhemsplan", "kristineberg", "traneberg", "bromma"),
  main("Essingeleden", "huvudsta", "ekelund", "kristineberg", "lillaEssingen", "essingen", "grondal"),
  main("Centralbron", "sergel", "centralen", "tegelbacken", "centralbron", "slussenWest", "slussen"),
  main("Skeppsbron", "kungstradgarden", "slottsbacken", "skeppsbron", "slussen"),
  main(
    "Hornsgatan",
    "slussen",
    "mariatorget",
    "zinkensdamm",
    "hornstull",
    "liljeholmenBridge",
    "liljeholmen",
  ),
  main("Götgatan", "slussen", "medborgarplatsen", "skanstull", "gullmarsplan"),
  main("Folkungagatan", "medborgarplatsen", "renstierna", "danvikstull"),
  main("Ringvägen", "zinkensdamm", "rosenlund", "eriksdal", "skanstull", "ringvagenEast", "renstierna"),
  main("Stadsgårdsleden", "slussen", "stadsgarden", "londonviadukten", "danvikstull"),
  main("Värmdövägen", "danvikstull", "danviken", "nacka"),
  main("Hammarby allé", "danviken", "sickla", "sjostaden", "martensdal", "gullmarsplan"),
  main("Årstavägen", "liljeholmen", "arsta", "gullmarsplan"),
  main("Gröndalsvägen", "grondal", "liljeholmen"),
  minor("Hamngatan", "sergel", "nybroplan"),
  minor("Vasagatan", "centralen", "kungsbronEast", "norraBantorget", "radmansgatan"),
  minor("Strömgatan", "tegelbacken", "rosenbad", "gustavAdolf", "kungstradgarden", "nybroplan"),
  minor("Vasabron", "rosenbad", "riddarhuset", "munkbron", "mellanbron", "slussen"),
  minor("Barnhusbron", "barnhusWest", "barnhusEast", "norraBantorget"),
  minor("Karlavägen", "odenBirger", "karlaSture", "karlaplan"),
  minor("Sturegatan", "stureplan", "karlaSture", "stadion"),
  minor("Narvavägen", "karlaplan", "djurgardsbron"),
  minor("Oxenstiernsgatan", "nobelparken", "valhallaEast", "frihamnen"),
  minor("Norr Mälarstrand", "stadshuset", "norrMalarstrand", "vasterbronNorth"),
  minor(
    "Söder Mälarstrand",
    "slussenWest",
    "soderMalarEast",
    "soderMalar",
    "soderMalarWest",
    "vasterbronSouth",
  ),
  minor(
    "Djurgårdsvägen",
    "djurgardsbron",
    "djurgardsbronSouth",
    "nordiska",
    "skansen",
    "djurgardsvagen",
    "waldemarsudde",
  ),
  minor("Rosendalsvägen", "djurgardsbronSouth", "rosendal", "djurgardsbrunn"),
  minor("Skeppsholmsbron", "kungstradgarden", "blasieholmen", "skeppsholmen"),
];
